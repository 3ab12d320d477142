package dev.tandem.quickstart.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MethodReaderTest {
    private static final String SOURCE = """
            package org.example;

            /** A shop. */
            public class Shop {
                /** Adds an item to the basket. */
                @Override
                public <T extends Item> int add(List<T> items, String... notes) {
                    // all of them
                    return basket.addAll(items) ? items.size() : 0;
                }

                /** Returns the size of it. */
                public int size() {
                    return size;
                }

                /** Hides what nobody may see. */
                private void hide() {
                    System.out.println("a body that is long enough");
                }

                /** Was here before the other one. */
                @Deprecated
                public void old() {
                    System.out.println("a body that is long enough");
                }

                public void undocumented() {
                    System.out.println("a body that is long enough");
                }

                interface Door {
                    /** Opens the door to the street. */
                    default void open() { System.out.println("a body that is long enough"); }

                    /** Closes the door to the street. */
                    void close();
                }
            }
            """;

    private final List<SourceMethod> methods =
            new MethodReader().read("shop", SOURCE).orElseThrow();

    @Test
    void takesPublicDocumentedMethodsThatDoSomething() {
        assertEquals(
                List.of("shop:org.example.Shop#add(List,String...)", "shop:org.example.Shop.Door#open()"),
                methods.stream().map(method -> method.passage().id()).sorted().toList());
    }

    @Test
    void passageIsClassSignatureAndBodyWithoutItsJavadoc() {
        SourceMethod add = methods.stream()
                .filter(method -> method.passage().id().contains("add"))
                .findFirst()
                .orElseThrow();

        assertEquals("Shop.add", add.passage().title());
        assertEquals("""
                public <T extends Item> int add(List<T> items, String... notes) {
                    // all of them
                    return basket.addAll(items) ? items.size() : 0;
                }""", add.passage().text());
        assertEquals("Adds an item to the basket", add.sentence());
        assertEquals("org.example.Shop", add.topLevelClass());
    }

    @Test
    void aFileThatDoesNotParseIsNoReasonToStop() {
        assertEquals(Optional.empty(), new MethodReader().read("shop", "class { this is no Java"));
    }
}
