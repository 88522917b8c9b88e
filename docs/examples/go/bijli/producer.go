// Package bijli is what every program that feeds Bijli Alert needs: the published schema of one topic, and a producer for it.
package bijli

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hamba/avro/v2"
	"github.com/twmb/franz-go/pkg/kgo"
)

const schemaTimeout = 10 * time.Second

// Codecs are the compressions that a producer may choose, by the names that Kafka's own clients give them.
var Codecs = map[string]kgo.CompressionCodec{
	"none":   kgo.NoCompression(),
	"gzip":   kgo.GzipCompression(),
	"snappy": kgo.SnappyCompression(),
	"lz4":    kgo.Lz4Compression(),
	"zstd":   kgo.ZstdCompression(),
}

// Schema is the latest published schema of a topic.
type Schema struct {
	id     uint32
	schema avro.Schema
}

// FetchSchema asks the schema endpoint for a topic's schema. It is asked for, not registered: Bijli Alert publishes it.
func FetchSchema(endpoint, topic string) (*Schema, error) {
	client := http.Client{Timeout: schemaTimeout}
	answer, err := client.Get(strings.TrimRight(endpoint, "/") + "/subjects/" + topic + "-value/versions/latest")
	if err != nil {
		return nil, missing(endpoint, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, missing(endpoint, fmt.Errorf("it answered %s", answer.Status))
	}
	var latest struct {
		ID     uint32 `json:"id"`
		Schema string `json:"schema"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&latest); err != nil {
		return nil, missing(endpoint, err)
	}
	schema, err := avro.Parse(latest.Schema)
	if err != nil {
		return nil, missing(endpoint, err)
	}
	return &Schema{id: latest.ID, schema: schema}, nil
}

func missing(endpoint string, cause error) error {
	return fmt.Errorf("no schema from %s: is Bijli Alert started? (%w)", endpoint, cause)
}

// Encode writes an event in Confluent's wire format: a zero, four octets of the schema's id, the record.
func (s *Schema) Encode(event any) ([]byte, error) {
	record, err := avro.Marshal(s.schema, event)
	if err != nil {
		return nil, err
	}
	frame := binary.BigEndian.AppendUint32([]byte{0}, s.id)
	return append(frame, record...), nil
}

// Producer writes to one topic. The client's own defaults are what Bijli Alert asks for: it is idempotent, so a retry is no second
// record, it waits for all replicas, and it chooses partitions by the key as Java does.
type Producer struct {
	client *kgo.Client
}

// Open makes a producer; brokers are separated by commas.
func Open(brokers, topic, codec string) (*Producer, error) {
	compression, isKnown := Codecs[codec]
	if !isKnown {
		return nil, fmt.Errorf("--compression: one of none, gzip, snappy, lz4, zstd")
	}
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(brokers, ",")...),
		kgo.DefaultProduceTopic(topic),
		kgo.ProducerBatchCompression(compression),
		kgo.RecordDeliveryTimeout(time.Minute),
	)
	if err != nil {
		return nil, err
	}
	return &Producer{client: client}, nil
}

// Send hands a record over; done is called once the broker has answered for it. What has one key stays in order.
func (p *Producer) Send(key string, value []byte, done func(error)) {
	record := &kgo.Record{Key: []byte(key), Value: value}
	p.client.Produce(context.Background(), record, func(_ *kgo.Record, err error) { done(err) })
}

// Close waits until the broker has answered for every record.
func (p *Producer) Close() error {
	defer p.client.Close()
	return p.client.Flush(context.Background())
}
