package dev.tandem.evaluator.api;

/** Why a request was not answered. */
public record Refusal(String error) {}
