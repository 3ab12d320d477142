/** Evaluation without a broker: runs and judgements in files, models in directories. */
package dev.tandem.evaluator.offline;
