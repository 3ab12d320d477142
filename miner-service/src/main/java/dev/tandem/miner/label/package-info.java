/**
 * When clicks become a label: one pure function, {@link dev.tandem.miner.label.ClickPolicy}.
 *
 * <p>A click is evidence, not a judgement. Users click what stands on top, whatever it is (Joachims et al., SIGIR 2005;
 * Craswell et al., WSDM 2008): the policy compares the clicks with those that the ranks alone predict, expected clicks being
 * summed per impression (COEC: Zhang and Jones, Query Log Analysis workshop at WWW 2007; Chapelle and Zhang, WWW 2009, on why
 * the plain rate misleads), and asks for a lower confidence bound, because most passages are shown a few times only. Users leave
 * what disappoints them quickly: a stay of 30 s is the usual mark of a satisfied click (Fox et al., TOIS 2005; Kim et al., WSDM
 * 2014), and only satisfied clicks count. One user is one trial and one click, however often they come back, and several
 * distinct users must agree; somebody who clicks more passages of one query than people do (Buehrer et al., AIRWeb 2008) counts
 * for nothing there. Not clicked is not negative: no click ever makes a negative label.
 *
 * <p>Limits. A passage that is never shown cannot be clicked: exposure is corrected for, selection is not. Examination depends
 * on the rank alone, not on what stands above (no cascade). Machines are told by one query at a time: many accounts, each
 * clicking little, pass. A label near its bound can come and go as impressions come in.
 */
package dev.tandem.miner.label;
