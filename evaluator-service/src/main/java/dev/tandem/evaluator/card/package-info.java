/** What a promoted checkpoint tells people about itself: its model card, and the recipe it was trained with. */
package dev.tandem.evaluator.card;
