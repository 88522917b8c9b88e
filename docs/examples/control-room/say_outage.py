"""Tells Bijli Alert of an outage, as a control room's own system would.

    say_outage.py announce CR-18 --node F-1205 --cause maintenance --starts +24h --until +28h
    say_outage.py report   CR-17 --node F-1204 --cause transformer-fault --until +3h
    say_outage.py estimate CR-17 --until +5h
    say_outage.py step     CR-17 --node DT-120401
    say_outage.py restore  CR-17
    say_outage.py cancel   CR-18

A time that has passed is written with "=": --starts=-30m. CR-17 is the control room's own id of the outage. It
prints the id of the event: ask by it what became of the event.
"""

import argparse
import re
import sys
import uuid
from datetime import datetime, timedelta, timezone

from confluent_kafka import KafkaException, Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

TOPIC = "control-room.outage.v1"

# What one says on the command line, and the type of the schema.
TYPES = {
    "announce": "PlannedOutageAnnounced",
    "report": "OutageReported",
    "estimate": "RestorationEstimateChanged",
    "restore": "SupplyRestored",
    "step": "SupplyPartlyRestored",
    "reopen": "OutageReopened",
    "start": "PlannedWorkStarted",
    "extend": "PlannedWorkExtended",
    "move": "PlannedWorkRescheduled",
    "cancel": "PlannedWorkCancelled",
}


def instant(text):
    """+90m and +3h are from now; anything else is a time with its offset, like 2026-01-30T14:05+05:30."""
    if ahead := re.fullmatch(r"([+-]\d+)([mh])", text):
        number, unit = int(ahead[1]), ahead[2]
        return datetime.now(timezone.utc) + (timedelta(hours=number) if unit == "h" else timedelta(minutes=number))
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("a time has an offset")
    return at


def event_of(said):
    """Makes the event. What does not belong to its type is empty: Bijli Alert refuses it otherwise."""
    return {
        "eventId": str(uuid.uuid4()),
        "type": TYPES[said.what],
        "occurredAt": datetime.now(timezone.utc),
        "aggregateId": said.id,
        "version": 1,  # we do not number our events
        "cause": said.cause,
        "nodeIds": said.node,
        "startsAt": said.starts,
        "estimatedRestorationAt": said.until,
        "restoredAt": said.restored,
        "exceptNodeIds": said.except_node,
        "estimateSource": said.source,
        "isConfirmed": not said.machine,
    }


def read_command_line():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=TYPES)
    parser.add_argument("id", help="the control room's own id of the outage")
    parser.add_argument(
        "--node", action="append", default=[], help="code of a network node; repeat it for more"
    )
    parser.add_argument(
        "--except-node", action="append", default=[], help="code of a node below that is not meant; repeat it for more"
    )
    parser.add_argument("--cause", help="a code of GET /v1/causes")
    parser.add_argument("--starts", type=instant, help="when supply goes, or went")
    parser.add_argument("--until", type=instant, help="when supply is expected back")
    parser.add_argument("--source", help="who says so: crew, control-room or storm")
    parser.add_argument("--restored", type=instant, help="when supply came back; now, if not said")
    parser.add_argument("--machine", action="store_true", help="no person has looked: a cut or a restoration waits")
    parser.add_argument("--brokers", default="127.0.0.1:18011", help="default: %(default)s")
    parser.add_argument("--schemas", default="http://127.0.0.1:18008", help="schema endpoint, default: %(default)s")
    return parser.parse_args()


def registry_at(address):
    """The schema endpoint; ends with one sentence where it does not answer."""
    registry = SchemaRegistryClient({"url": address})
    try:
        registry.get_latest_version(f"{TOPIC}-value")
    except Exception as error:
        sys.exit(f"no schema from {address}: is Bijli Alert started? ({type(error).__name__})")
    return registry


def main():
    said = read_command_line()
    event = event_of(said)

    # The schema is asked for, not registered: Bijli Alert publishes it.
    registry = registry_at(said.schemas)
    serialize = AvroSerializer(registry, conf={"auto.register.schemas": False, "use.latest.version": True})
    value = serialize(event, SerializationContext(TOPIC, MessageField.VALUE))

    producer = Producer(
        {
            "bootstrap.servers": said.brokers,
            "enable.idempotence": True,  # a retry is not a second record
            "partitioner": "murmur2_random",  # as Java's, so that an outage stays on one partition whoever writes
        }
    )
    problems = []

    def on_delivery(error, _message):
        if error:
            problems.append(error)

    try:
        # The key is the outage: what is said of one outage stays in order.
        producer.produce(TOPIC, key=said.id, value=value, on_delivery=on_delivery)
    except KafkaException as error:  # larger than a record may be
        problems.append(error)
    producer.flush()
    if problems:
        print(f"not delivered: {problems[0]}", file=sys.stderr)
        return 1
    print(event["eventId"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
