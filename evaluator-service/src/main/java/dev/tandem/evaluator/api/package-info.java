/** What the evaluator answers over HTTP: its state, live and at once, search with its models, and the closing report. */
package dev.tandem.evaluator.api;
