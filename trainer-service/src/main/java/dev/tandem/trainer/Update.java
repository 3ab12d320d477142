package dev.tandem.trainer;

import dev.tandem.trainer.recipe.Stage;
import dev.tandem.trainer.stage.StepLosses;

/**
 * One optimizer update, as whoever watches a training learns of it.
 *
 * @param step updates since the run began, this one included
 * @param stageStep updates since the stage began, this one included
 * @param gradientNorm global norm before clipping
 * @param rate the retriever's learning rate, or the re-ranker's where only that is trained
 */
public record Update(Stage stage, long step, long stageStep, StepLosses losses, double gradientNorm, double rate) {}
