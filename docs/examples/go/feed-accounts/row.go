package main

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"bijli.example/feed/bijli"
)

// Our own words for what happened, and those of the schema.
var types = map[string]string{
	"bill":         "BillGenerated",
	"payment":      "PaymentReceived",
	"reversal":     "PaymentReversed",
	"cancellation": "BillCancelled",
}

// event is one record of the topic; a pointer may be null.
type event struct {
	EventID       string    `avro:"eventId"`
	Type          string    `avro:"type"`
	OccurredAt    time.Time `avro:"occurredAt"`
	AggregateID   string    `avro:"aggregateId"`
	Version       int64     `avro:"version"`
	AccountNumber string    `avro:"accountNumber"`
	Reference     string    `avro:"reference"`
	AmountPaise   *int64    `avro:"amountPaise"`
	IssuedOn      *string   `avro:"issuedOn"`
	DueOn         *string   `avro:"dueOn"`
}

// eventOf makes the event of one row. An error names the column that is wrong, never what stands in it.
func eventOf(row map[string]string, cells []string) (event, error) {
	if types[row["what"]] == "" {
		return event{}, errors.New("what: one of bill, payment, reversal, cancellation")
	}
	if row["account_id"] == "" {
		return event{}, errors.New("account_id: it is the key of the record")
	}
	at, err := time.Parse(time.RFC3339, row["happened_at"])
	if err != nil {
		return event{}, errors.New("happened_at: a time with its offset, like 2025-11-01T09:00:00+05:30")
	}
	amount, err := paise(row["amount_rupees"])
	if err != nil {
		return event{}, err
	}
	return event{
		// The id is made of what the row says: the same file may be fed again, and nothing happens twice.
		EventID:       bijli.EventIDOf(strings.Join(cells, "/")),
		Type:          types[row["what"]],
		OccurredAt:    at,
		AggregateID:   row["account_id"],
		Version:       1, // we do not number our events
		AccountNumber: row["account_number"],
		Reference:     row["reference"],
		AmountPaise:   amount,
		IssuedOn:      orNull(row["issued_on"]),
		DueOn:         orNull(row["due_on"]),
	}, nil
}

// moved is the same, so many days later: another event with an id of its own.
func moved(said event, days int) (event, error) {
	var err error
	said.EventID = bijli.EventIDOf(said.EventID + "/" + strconv.Itoa(days))
	said.OccurredAt = said.OccurredAt.AddDate(0, 0, days)
	if said.IssuedOn, err = movedDay(said.IssuedOn, days); err != nil {
		return event{}, errors.New("issued_on: a date, like 2025-11-01")
	}
	if said.DueOn, err = movedDay(said.DueOn, days); err != nil {
		return event{}, errors.New("due_on: a date, like 2025-11-16")
	}
	return said, nil
}

func movedDay(day *string, days int) (*string, error) {
	if day == nil {
		return nil, nil
	}
	at, err := time.Parse(time.DateOnly, *day)
	if err != nil {
		return nil, err
	}
	return orNull(at.AddDate(0, 0, days).Format(time.DateOnly)), nil
}

var rupees = regexp.MustCompile(`^([0-9]{1,15})(?:\.([0-9]{1,2})0*)?$`)

// paise makes 145050 of 1450.50, without a floating point; a reversal or a cancellation has no amount.
func paise(text string) (*int64, error) {
	if text == "" {
		return nil, nil
	}
	parts := rupees.FindStringSubmatch(text)
	if parts == nil {
		return nil, errors.New("amount_rupees: an amount with two decimals at most")
	}
	amount, err := strconv.ParseInt(parts[1]+(parts[2] + "00")[:2], 10, 64)
	return &amount, err
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
