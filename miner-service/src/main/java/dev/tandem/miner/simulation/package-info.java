/** How simulated users click: a model with a known truth, to measure the labels by and to feed the quickstart with. */
package dev.tandem.miner.simulation;
