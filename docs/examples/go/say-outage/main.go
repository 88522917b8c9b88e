// Say-outage tells Bijli Alert of an outage, as a control room's own system would.
//
//	go run ./say-outage announce CR-28 --node F-1205 --cause maintenance --starts +24h --until +28h
//	go run ./say-outage report   CR-27 --node F-1202 --cause transformer-fault --until +3h
//	go run ./say-outage estimate CR-27 --until +5h
//	go run ./say-outage step     CR-27 --node DT-120201
//	go run ./say-outage restore  CR-27
//	go run ./say-outage cancel   CR-28
//
// CR-27 is the control room's own id of the outage. It prints the id of the event: ask by it what became of the event.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"bijli.example/feed/bijli"
)

const topic = "control-room.outage.v1"

// What one says on the command line, and the type of the schema.
var types = map[string]string{
	"announce": "PlannedOutageAnnounced",
	"report":   "OutageReported",
	"estimate": "RestorationEstimateChanged",
	"restore":  "SupplyRestored",
	"step":     "SupplyPartlyRestored",
	"reopen":   "OutageReopened",
	"start":    "PlannedWorkStarted",
	"extend":   "PlannedWorkExtended",
	"move":     "PlannedWorkRescheduled",
	"cancel":   "PlannedWorkCancelled",
}

// event is one record of the topic; a pointer may be null.
type event struct {
	EventID                string     `avro:"eventId"`
	Type                   string     `avro:"type"`
	OccurredAt             time.Time  `avro:"occurredAt"`
	AggregateID            string     `avro:"aggregateId"`
	Version                int64      `avro:"version"`
	Cause                  *string    `avro:"cause"`
	NodeIDs                []string   `avro:"nodeIds"`
	StartsAt               *time.Time `avro:"startsAt"`
	EstimatedRestorationAt *time.Time `avro:"estimatedRestorationAt"`
	RestoredAt             *time.Time `avro:"restoredAt"`
	ExceptNodeIDs          []string   `avro:"exceptNodeIds"`
	EstimateSource         *string    `avro:"estimateSource"`
	IsConfirmed            bool       `avro:"isConfirmed"`
}

type settings struct {
	brokers, schemas, codec string
}

func main() {
	said, at, err := readCommandLine(os.Args[1:])
	if err == nil {
		err = say(said, at)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(said.EventID)
}

func say(said event, at settings) error {
	schema, err := bijli.FetchSchema(at.schemas, topic)
	if err != nil {
		return err
	}
	value, err := schema.Encode(said)
	if err != nil {
		return err
	}
	producer, err := bijli.Open(at.brokers, topic, at.codec)
	if err != nil {
		return err
	}
	var undelivered error
	// The key is the outage: what is said of one outage stays in order.
	producer.Send(said.AggregateID, value, func(err error) { undelivered = err })
	if err := errors.Join(producer.Close(), undelivered); err != nil {
		return fmt.Errorf("not delivered: %w", err)
	}
	return nil
}

func readCommandLine(args []string) (event, settings, error) {
	if len(args) < 2 || types[args[0]] == "" {
		return event{}, settings{}, errors.New("say-outage announce|report|estimate|restore|step|reopen|start|extend|move|cancel <id of the outage> [--help]")
	}
	// What does not belong to its type is empty: Bijli Alert refuses it otherwise. We number nothing, so the version is 1.
	said := event{EventID: bijli.NewEventID(), Type: types[args[0]], OccurredAt: time.Now(), AggregateID: args[1], Version: 1, NodeIDs: []string{}, ExceptNodeIDs: []string{}}
	at := settings{}
	flags := flag.NewFlagSet("say-outage", flag.ExitOnError)
	flags.Func("node", "code of a network node; repeat it for more", func(text string) error {
		said.NodeIDs = append(said.NodeIDs, text)
		return nil
	})
	flags.Func("except-node", "code of a node below that is not meant; repeat it for more", func(text string) error {
		said.ExceptNodeIDs = append(said.ExceptNodeIDs, text)
		return nil
	})
	flags.Func("source", "who says when supply is expected back: crew, control-room or storm", func(text string) error {
		said.EstimateSource = &text
		return nil
	})
	machine := flags.Bool("machine", false, "no person has looked: a cut or a restoration waits")
	flags.Func("cause", "a code of GET /v1/causes", func(text string) error {
		said.Cause = &text
		return nil
	})
	instantFlag(flags, "starts", "when supply goes, or went", &said.StartsAt)
	instantFlag(flags, "until", "when supply is expected back", &said.EstimatedRestorationAt)
	instantFlag(flags, "restored", "when supply came back; now, if not said", &said.RestoredAt)
	flags.StringVar(&at.brokers, "brokers", "127.0.0.1:18011", "brokers, separated by commas")
	flags.StringVar(&at.schemas, "schemas", "http://127.0.0.1:18008", "schema endpoint")
	flags.StringVar(&at.codec, "compression", "none", "none, gzip, snappy, lz4 or zstd")
	err := flags.Parse(args[2:])
	said.IsConfirmed = !*machine
	return said, at, err
}

// instantFlag reads a time: +90m and -3h are from now, anything else is RFC 3339, like 2026-01-30T14:05:00+05:30.
func instantFlag(flags *flag.FlagSet, name, usage string, into **time.Time) {
	flags.Func(name, usage, func(text string) error {
		if ahead, err := time.ParseDuration(text); err == nil && strings.ContainsAny(text[:1], "+-") {
			at := time.Now().Add(ahead)
			*into = &at
			return nil
		}
		at, err := time.Parse(time.RFC3339, text)
		*into = &at
		return err
	})
}
