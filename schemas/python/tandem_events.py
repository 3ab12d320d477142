"""Tandem's topics from Python: follow the promotions, send a judged query.

    pip install confluent-kafka avro
    python3 tandem_events.py promotions --bootstrap-servers localhost:9092 --follow
    python3 tandem_events.py query "split a string at a comma" --relevant p17 --relevant p4711

An event is Avro in single-object encoding: C3 01, the CRC-64-AVRO fingerprint of the writer's schema (little-endian), the body.
The schemas of all versions are in ../history; an event is written with the newest, and read with the one that wrote it.
"""

import argparse
import datetime
import io
import json
import pathlib
import sys
import uuid

import avro.io
import avro.schema
import confluent_kafka

HISTORY = pathlib.Path(__file__).parent.parent / "history"
MARKER = b"\xc3\x01"
PRIMITIVES = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"}


def fingerprint(file):
    """CRC-64-AVRO of a schema's parsing canonical form, as 8 bytes in little-endian order (Avro specification, "Transforming
    into Parsing Canonical Form" and "Schema Fingerprints")."""
    empty = 0xC15D213AA4D7A795
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (empty & -(value & 1))
        table.append(value)
    crc = empty
    for byte in json.dumps(canonical(json.loads(file.read_text())), separators=(",", ":"), ensure_ascii=False).encode():
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc.to_bytes(8, "little")


def canonical(schema, namespace=""):
    if isinstance(schema, list):
        return [canonical(branch, namespace) for branch in schema]
    if isinstance(schema, str):
        return schema if schema in PRIMITIVES or "." in schema or not namespace else f"{namespace}.{schema}"
    kind = schema["type"]
    if kind in PRIMITIVES or not isinstance(kind, str):
        return canonical(kind, namespace)
    if kind == "array":
        return {"type": kind, "items": canonical(schema["items"], namespace)}
    if kind == "map":
        return {"type": kind, "values": canonical(schema["values"], namespace)}
    namespace = schema.get("namespace", namespace)
    named = {"name": f"{namespace}.{schema['name']}", "type": kind}
    if kind == "record":
        named["fields"] = [{"name": field["name"], "type": canonical(field["type"], namespace)} for field in schema["fields"]]
    elif kind == "enum":
        named["symbols"] = schema["symbols"]
    else:
        raise ValueError(f"No event has a type of kind {kind}")
    return named


class Event:
    """One kind of event, such as CheckpointPromoted, in all its released versions."""

    def __init__(self, name):
        files = sorted((HISTORY / name).glob("v*.avsc"), key=lambda file: int(file.stem[1:]))
        schemas = [avro.schema.parse(file.read_text()) for file in files]
        self.name = name
        self.newest = schemas[-1]
        self.writers = {fingerprint(file): schema for file, schema in zip(files, schemas)}
        self.prefix = MARKER + fingerprint(files[-1])

    def encode(self, record):
        out = io.BytesIO()
        out.write(self.prefix)
        avro.io.DatumWriter(self.newest).write(record, avro.io.BinaryEncoder(out))
        return out.getvalue()

    def decode(self, value):
        writer = self.writers.get(value[2:10]) if value[:2] == MARKER else None
        if writer is None:
            raise ValueError(f"Expected {self.name} in single-object encoding, got bytes that begin with {value[:10].hex()}")
        return avro.io.DatumReader(writer, self.newest).read(avro.io.BinaryDecoder(io.BytesIO(value[10:])))


def promotions(options):
    """Prints one JSON line per promotion, oldest first."""
    event = Event("CheckpointPromoted")
    consumer = confluent_kafka.Consumer({
        "bootstrap.servers": options.bootstrap_servers,
        "group.id": options.group or f"promotions-{uuid.uuid4()}",
        "auto.offset.reset": "earliest",
        "isolation.level": "read_committed",
        "enable.partition.eof": True,
        "enable.auto.commit": bool(options.group),
    })
    consumer.subscribe(["promotions"])
    try:
        while True:
            message = consumer.poll(1)
            if message is None:
                continue
            if message.error():
                if message.error().code() != confluent_kafka.KafkaError._PARTITION_EOF:
                    raise confluent_kafka.KafkaException(message.error())
                if not options.follow:
                    return
                continue
            promoted = event.decode(message.value())
            print(json.dumps(promoted, default=str), flush=True)
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()


def query(options):
    """Sends one judged query; from the same command, sent again, it is a new query."""
    record = {
        "id": str(uuid.uuid4()),
        "text": options.text,
        "recordedAt": datetime.datetime.now(datetime.timezone.utc),
        "judgements": [{"passageId": passage, "grade": 1} for passage in options.relevant],
        "shown": [],
        "servedBy": None,
        "user": None,
        "use": "BY_HASH",
    }
    failures = []
    producer = confluent_kafka.Producer({"bootstrap.servers": options.bootstrap_servers, "enable.idempotence": True})
    producer.produce("queries", key=record["id"], value=Event("QueryRecorded").encode(record),
                     on_delivery=lambda error, _: error and failures.append(error))
    if producer.flush(30) or failures:
        sys.exit(f"The broker did not take the query: {failures or 'no answer within 30 s'}")
    print(record["id"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    follow = commands.add_parser("promotions", help="print the promotions so far, oldest first")
    follow.add_argument("--follow", action="store_true", help="go on with those that come")
    follow.add_argument("--group", help="consumer group that remembers what was printed")
    follow.set_defaults(run=promotions)
    send = commands.add_parser("query", help="send one judged query")
    send.add_argument("text")
    send.add_argument("--relevant", action="append", default=[], metavar="PASSAGE", help="id of a relevant passage")
    send.set_defaults(run=query)
    for command in (follow, send):
        command.add_argument("--bootstrap-servers", default="localhost:9092")
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
