package dev.tandem.trainer.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.trainer.recipe.Schedule.Decay;
import org.junit.jupiter.api.Test;

class TrainingRecipeTest {
    @Test
    void defaultsAreThePapers() {
        TrainingRecipe paper = TrainingRecipe.paper();

        assertEquals(96, paper.joint().lists());
        assertEquals(128, paper.joint().listLength());
        assertEquals(1e-5, paper.joint().retrieverRate());
        assertEquals(1e-5, paper.joint().rerankerRate());
        assertEquals(1, paper.joint().schedule().share(1_000_000));
        assertEquals(1, paper.joint().klWeight());
        assertEquals(0, paper.joint().inBatchWeight());
        assertTrue(paper.joint().dynamic() && !paper.joint().pointwise());
        assertEquals(new Optimizer(0.9, 0.999, 1e-8, 0.01, 1), paper.optimizer());
        assertEquals(3, paper.replay().usesPerChampion());
        assertEquals(512, paper.retrieverWarmUp().lists());
        assertEquals(4, paper.retrieverWarmUp().hardNegatives());
        assertEquals(3e-5, paper.retrieverWarmUp().rate());
        assertEquals(Decay.LINEAR, paper.retrieverWarmUp().schedule().decay());
        assertEquals(
                0.1 * paper.retrieverWarmUp().steps(),
                paper.retrieverWarmUp().schedule().warmUpSteps());
        assertEquals(64, paper.rerankerWarmUp().lists());
        assertEquals(5, paper.rerankerWarmUp().listLength());
        assertEquals(1e-5, paper.rerankerWarmUp().rate());
    }

    @Test
    void survivesAsJson() throws Exception {
        ObjectMapper json = new ObjectMapper();

        TrainingRecipe read = json.readValue(json.writeValueAsString(TrainingRecipe.paper()), TrainingRecipe.class);

        assertEquals(TrainingRecipe.paper(), read);
    }

    @Test
    void ofACheckpointFromBeforeThereWasAPlateauNeverEndsOnOne() throws Exception {
        ObjectMapper json = new ObjectMapper();
        ObjectNode written = json.valueToTree(TrainingRecipe.paper());
        written.remove("plateau");

        TrainingRecipe read = json.treeToValue(written, TrainingRecipe.class);

        assertEquals(Plateau.NEVER, read.plateau());
    }

    @Test
    void namesTheKeyThatIsOutOfRange() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new Replay(1.5, 3, 1, 1, 1));

        assertEquals("Expected replay.replay-share between 0.0 and 1.0, got 1.5", refused.getMessage());
    }
}
