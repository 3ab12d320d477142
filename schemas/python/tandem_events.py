"""Tandem's topics from Python: follow the promotions, send a judged query.

    pip install confluent-kafka avro
    python3 tandem_events.py promotions --bootstrap-servers localhost:9092 --follow
    python3 tandem_events.py query "split a string at a comma" --relevant p17 --relevant p4711

An event is Avro in single-object encoding: C3 01, the CRC-64-AVRO fingerprint of the writer's schema (little-endian), the body.
The schemas of all versions are in ../history; an event is written with the newest, and read with the one that wrote it.
With --registry URL (Confluent's interface) it is written as 00, the schema's id in the registry (4 bytes, big-endian), the body,
and both are read.
"""

import argparse
import datetime
import io
import json
import pathlib
import sys
import urllib.request
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


class Registry:
    """Schemas by their id, each asked for once. It raises where the registry does not answer: no event is to be passed over for
    that."""

    def __init__(self, url):
        self.url = url.rstrip("/")
        self.schemas = {}

    def schema(self, number):
        if number not in self.schemas:
            self.schemas[number] = avro.schema.parse(self.ask(f"/schemas/ids/{number}")["schema"])
        return self.schemas[number]

    def number(self, topic, schema):
        """The services register every version at their start; this one only looks it up."""
        return self.ask(f"/subjects/{topic}-value", {"schema": schema})["id"]

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"content-type": "application/vnd.schemaregistry.v1+json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


class Event:
    """One kind of event, such as CheckpointPromoted, in all its released versions, on its topic."""

    def __init__(self, name, topic, registry=None):
        files = sorted((HISTORY / name).glob("v*.avsc"), key=lambda file: int(file.stem[1:]))
        schemas = [avro.schema.parse(file.read_text()) for file in files]
        self.name = name
        self.newest = schemas[-1]
        self.writers = {fingerprint(file): schema for file, schema in zip(files, schemas)}
        self.registry = registry
        self.prefix = MARKER + fingerprint(files[-1])
        if registry is not None:
            self.prefix = b"\0" + registry.number(topic, files[-1].read_text()).to_bytes(4, "big")

    def encode(self, record):
        out = io.BytesIO()
        out.write(self.prefix)
        avro.io.DatumWriter(self.newest).write(record, avro.io.BinaryEncoder(out))
        return out.getvalue()

    def decode(self, value):
        if value[:1] == b"\0" and self.registry is not None:
            writer, body = self.registry.schema(int.from_bytes(value[1:5], "big")), value[5:]
        else:
            writer, body = self.writers.get(value[2:10]) if value[:2] == MARKER else None, value[10:]
        if writer is None:
            raise ValueError(f"Expected {self.name} in an encoding that is known here, got bytes that begin with {value[:10].hex()}")
        return avro.io.DatumReader(writer, self.newest).read(avro.io.BinaryDecoder(io.BytesIO(body)))


def promotions(options):
    """Prints one JSON line per promotion, oldest first."""
    event = Event("CheckpointPromoted", "promotions", options.registry)
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
    producer.produce("queries", key=record["id"], value=Event("QueryRecorded", "queries", options.registry).encode(record),
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
        command.add_argument("--registry", metavar="URL", type=Registry, help="such as http://localhost:8080/apis/ccompat/v7")
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
