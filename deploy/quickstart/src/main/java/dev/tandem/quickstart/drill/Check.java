package dev.tandem.quickstart.drill;

/**
 * One line of the books.
 *
 * @param what the promise, in words
 * @param counted how many things were looked at
 * @param lost for how many the promise was not kept
 * @param example one of them, or a remark; empty for none
 */
record Check(String what, long counted, long lost, String example) {
    static Check of(String what, long counted, Iterable<?> broken) {
        long lost = 0;
        String first = "";
        for (Object one : broken) {
            first = lost++ == 0 ? one.toString() : first;
        }
        return new Check(what, counted, lost, first);
    }

    /** Two counts that must be the same. */
    static Check same(String what, long expected, long found) {
        long difference = Math.abs(expected - found);
        return new Check(
                what, expected, difference, difference == 0 ? "" : "expected %d, found %d".formatted(expected, found));
    }

    boolean holds() {
        return lost == 0;
    }
}
