package dev.tandem.events;

import java.util.Arrays;
import java.util.Locale;

/** How events are written; read is each of them, whichever is written. */
public enum EventEncoding {
    /** Avro single-object encoding: C3 01, the fingerprint of the writer's schema, the body. Needs no registry. */
    SINGLE_OBJECT,
    /** 00, the writer's schema by its id in a registry in 4 bytes (big-endian), the body: Confluent's wire format, and Apicurio 3's. */
    REGISTRY;

    static EventEncoding of(String setting) {
        return Arrays.stream(values())
                .filter(encoding -> encoding.setting().equals(setting))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected %s or %s for events.encoding, got \"%s\""
                        .formatted(SINGLE_OBJECT.setting(), REGISTRY.setting(), setting)));
    }

    /** As it stands in a configuration. */
    public String setting() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
