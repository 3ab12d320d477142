/** What the topics have told so far: checkpoints saved, evaluated and promoted, and records refused. */
package dev.tandem.evaluator.history;
