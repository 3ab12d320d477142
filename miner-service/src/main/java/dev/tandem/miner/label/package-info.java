/**
 * When clicks become a label: one pure function.
 *
 * <p>A click is evidence, not a judgement: users click what stands on top, whatever it is (Joachims et al., SIGIR 2005;
 * Craswell et al., WSDM 2008), and leave what disappoints them quickly (a dwell time of 30 s is the usual mark of a
 * satisfied click: Fox et al., TOIS 2005; Kim et al., WSDM 2014). The policy therefore asks for several distinct users
 * who stayed. It does not correct for the rank at which a passage was shown; a passage that is always on top gathers its
 * users sooner than one that is not. Not clicked is not negative: no click ever makes a negative label.
 */
package dev.tandem.miner.label;
