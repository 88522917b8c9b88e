"""Feeds bills and payments from a CSV file to Bijli Alert, and counts what became of each row.

A row has one id, made from what it says: the same file may be fed again, and nothing happens twice.
Run it with --help for its settings.
"""

import argparse
import csv
import sys
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal

from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

TOPIC = "billing-system.account.v1"

# Our own words for what happened, and those of the schema.
TYPES = {
    "bill": "BillGenerated",
    "payment": "PaymentReceived",
    "reversal": "PaymentReversed",
    "cancellation": "BillCancelled",
}


def event_of(row):
    """Makes the event of one row; raises ValueError naming the column that is wrong, never what stands in it."""
    if None in row or None in row.values():
        raise ValueError("as many columns as the header has")
    if row["what"] not in TYPES:
        raise ValueError("what: one of " + ", ".join(TYPES))
    if not row["account_id"]:
        raise ValueError("account_id: it is the key of the record")
    return {
        "eventId": str(uuid.uuid5(uuid.NAMESPACE_OID, "/".join(row.values()))),
        "type": TYPES[row["what"]],
        "occurredAt": instant(row["happened_at"]),
        "aggregateId": row["account_id"],
        "version": 1,  # we do not number our events
        "accountNumber": row["account_number"],
        "reference": row["reference"],
        "amountPaise": paise(row["amount_rupees"]),
        "issuedOn": row["issued_on"] or None,
        "dueOn": row["due_on"] or None,
    }


def moved(event, days):
    """The same, so many days later: another event with an id of its own."""
    later = timedelta(days=days)
    day = lambda text: text and str(date.fromisoformat(text) + later)
    return {
        **event,
        "eventId": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{event['eventId']}/{days}")),
        "occurredAt": event["occurredAt"] + later,
        "issuedOn": day(event["issuedOn"]),
        "dueOn": day(event["dueOn"]),
    }


def days_until_yesterday(path):
    """How far the last day of a file lies before yesterday."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        last = max(row["happened_at"][:10] for row in csv.DictReader(file))
    return (date.today() - timedelta(days=1) - date.fromisoformat(last)).days


def paise(rupees):
    """1450.50 is 145050 paise, exactly; a reversal or a cancellation has no amount."""
    if not rupees:
        return None
    try:
        amount = Decimal(rupees) * 100
        if amount == int(amount):
            return int(amount)
    except (ArithmeticError, ValueError):
        pass
    raise ValueError("amount_rupees: an amount with two decimals at most")


def instant(text):
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValueError("happened_at: a time with its offset, like 2025-11-01T09:00:00+05:30")
    return at


def registry_at(address):
    """The schema endpoint; ends with one sentence where it does not answer."""
    registry = SchemaRegistryClient({"url": address})
    try:
        registry.get_latest_version(f"{TOPIC}-value")
    except Exception as error:
        sys.exit(f"no schema from {address}: is Bijli Alert started? ({type(error).__name__})")
    return registry


def main():
    parser = argparse.ArgumentParser(description="Feeds bills and payments from a CSV file to Bijli Alert.")
    parser.add_argument("file", help="CSV with a header, as accounts.csv beside this program")
    parser.add_argument(
        "--recent", action="store_true", help="move all days, the last to yesterday: what is older than 72 h waits for an operator"
    )
    parser.add_argument("--brokers", default="127.0.0.1:18011", help="default: %(default)s")
    parser.add_argument("--schemas", default="http://127.0.0.1:18008", help="schema endpoint, default: %(default)s")
    settings = parser.parse_args()

    # The schema is asked for, not registered: Bijli Alert publishes it.
    registry = registry_at(settings.schemas)
    serialize = AvroSerializer(registry, conf={"auto.register.schemas": False, "use.latest.version": True})
    context = SerializationContext(TOPIC, MessageField.VALUE)
    producer = Producer(
        {
            "bootstrap.servers": settings.brokers,
            "enable.idempotence": True,  # a retry is not a second record, and the order stays
            "partitioner": "murmur2_random",  # as Java's, so that an account stays on one partition whoever writes
            "linger.ms": 20,
        }
    )

    days = days_until_yesterday(settings.file) if settings.recent else 0
    counts = {"read": 0, "refused": 0, "delivered": 0, "failed": 0}

    def on_delivery(error, _message):
        counts["failed" if error else "delivered"] += 1
        if error:
            print(f"not delivered: {error}", file=sys.stderr)

    with open(settings.file, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            counts["read"] += 1
            try:
                event = moved(event_of(row), days) if days else event_of(row)
                value = serialize(event, context)
            except ValueError as error:
                counts["refused"] += 1
                print(f"row {counts['read']} refused: {error}", file=sys.stderr)
                continue
            # The key is the account: what happens on one account stays in order.
            send(producer, key=event["aggregateId"], value=value, on_delivery=on_delivery)
    producer.flush()  # waits until the broker has answered for every record

    print(", ".join(f"{number} {what}" for what, number in counts.items()))
    return 0 if counts["delivered"] == counts["read"] else 1


def send(producer, **record):
    """Hands a record over, and waits while the producer's queue is full."""
    while True:
        try:
            producer.produce(TOPIC, **record)
            producer.poll(0)  # runs the callbacks of what was delivered meanwhile
            return
        except BufferError:
            producer.poll(1)


if __name__ == "__main__":
    sys.exit(main())
