/**
 * Whether a challenger is provably better than the champion: one rule, stated in {@link
 * dev.tandem.evaluator.promotion.PromotionRule}, whose decision carries its reason in words.
 *
 * <p>Pure functions: the same scores give the same decision.
 */
package dev.tandem.evaluator.promotion;
