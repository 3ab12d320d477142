/**
 * Training from files instead of topics: {@link dev.tandem.trainer.offline.OfflineTraining} runs the very loop of the
 * service on {@link dev.tandem.trainer.offline.ListFiles}, as if all their lists had been on the topic in order.
 *
 * <p>A directory holds all of a run, and a run that is killed is gone on with by naming its directory again.
 */
package dev.tandem.trainer.offline;
