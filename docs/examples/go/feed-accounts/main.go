// Feed-accounts feeds bills and payments from a CSV file to Bijli Alert, and counts what became of each row.
//
//	go run ./feed-accounts ../billing-system/accounts.csv --recent
package main

import (
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"bijli.example/feed/bijli"
)

const (
	topic         = "billing-system.account.v1"
	byteOrderMark = "\ufeff"
)

type settings struct {
	file, brokers, schemas, codec string
	recent                        bool
}

func main() {
	at, err := readCommandLine(os.Args[1:])
	isComplete := false
	if err == nil {
		isComplete, err = feed(at)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if !isComplete {
		os.Exit(1)
	}
}

// feed tells whether every row was delivered.
func feed(at settings) (bool, error) {
	schema, err := bijli.FetchSchema(at.schemas, topic)
	if err != nil {
		return false, err
	}
	header, rows, err := readCSV(at.file)
	if err != nil {
		return false, err
	}
	days := 0
	if at.recent {
		if days, err = daysUntilYesterday(header, rows); err != nil {
			return false, err
		}
	}
	producer, err := bijli.Open(at.brokers, topic, at.codec)
	if err != nil {
		return false, err
	}
	refused := 0
	var delivered, failed atomic.Int64
	for number, cells := range rows {
		said, value, err := encode(schema, header, cells, days)
		if err != nil {
			refused++
			fmt.Fprintf(os.Stderr, "row %d refused: %v\n", number+1, err)
			continue
		}
		// The key is the account: what happens on one account stays in order.
		producer.Send(said.AggregateID, value, func(err error) {
			if err == nil {
				delivered.Add(1)
				return
			}
			failed.Add(1)
			fmt.Fprintf(os.Stderr, "not delivered: %v\n", err)
		})
	}
	err = producer.Close()
	fmt.Printf("%d read, %d refused, %d delivered, %d failed\n", len(rows), refused, delivered.Load(), failed.Load())
	return int(delivered.Load()) == len(rows), err
}

func encode(schema *bijli.Schema, header, cells []string, days int) (event, []byte, error) {
	if len(cells) != len(header) {
		return event{}, nil, errors.New("as many columns as the header has")
	}
	said, err := eventOf(rowOf(header, cells), cells)
	if err == nil && days != 0 {
		said, err = moved(said, days)
	}
	if err != nil {
		return event{}, nil, err
	}
	value, err := schema.Encode(said)
	return said, value, err
}

func readCSV(path string) (header []string, rows [][]string, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), byteOrderMark)))
	reader.FieldsPerRecord = -1 // a row that is too short is refused by itself
	all, err := reader.ReadAll()
	if err != nil || len(all) == 0 {
		return nil, nil, errors.Join(errors.New("the file is not CSV with a header"), err)
	}
	return all[0], all[1:], nil
}

func rowOf(header, cells []string) map[string]string {
	row := make(map[string]string, len(header))
	for place, name := range header {
		if place < len(cells) {
			row[name] = cells[place]
		}
	}
	return row
}

// daysUntilYesterday tells how far the last day of a file lies before yesterday.
func daysUntilYesterday(header []string, rows [][]string) (int, error) {
	last := ""
	for _, cells := range rows {
		if day := rowOf(header, cells)["happened_at"]; len(day) >= len(time.DateOnly) {
			last = max(last, day[:len(time.DateOnly)])
		}
	}
	at, err := time.Parse(time.DateOnly, last)
	if err != nil {
		return 0, errors.New("happened_at: no row has a day")
	}
	today, _ := time.Parse(time.DateOnly, time.Now().Format(time.DateOnly))
	const day = 24 * time.Hour
	return int((today.Sub(at) - day) / day), nil
}

func readCommandLine(args []string) (settings, error) {
	at := settings{}
	flags := flag.NewFlagSet("feed-accounts <file>", flag.ExitOnError)
	flags.BoolVar(&at.recent, "recent", false, "move all days, the last to yesterday: what is older than 72 h waits for an operator")
	flags.StringVar(&at.brokers, "brokers", "127.0.0.1:18011", "brokers, separated by commas")
	flags.StringVar(&at.schemas, "schemas", "http://127.0.0.1:18008", "schema endpoint")
	flags.StringVar(&at.codec, "compression", "none", "none, gzip, snappy, lz4 or zstd")
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		flags.Usage()
		return at, errors.New("the file comes first")
	}
	at.file = args[0]
	return at, flags.Parse(args[1:])
}
