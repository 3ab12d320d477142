/**
 * {@link dev.tandem.trainer.recipe.TrainingRecipe}: every hyperparameter, and the learning rate as a function of the step.
 *
 * <p>Pure values. Defaults are the paper's; a test asserts them. Sources are named in short: <em>RocketQAv2</em> is Ren et
 * al., EMNLP 2021 (arXiv 2110.07367), <em>RocketQA</em> is Qu et al., NAACL 2021 (arXiv 2010.08191), <em>code</em> is the
 * code published with RocketQAv2, <em>Tandem</em> is our own choice where the papers are silent.
 */
package dev.tandem.trainer.recipe;
