/**
 * AdamW with decoupled decay, and clipping by the global norm, each as one fused PyTorch call.
 *
 * <p>DJL's own Adam keeps its moments to itself, so that no checkpoint could hold them, and its clipping bounds each
 * element from above; neither is what the papers use.
 */
package dev.tandem.trainer.optimizer;
