// SPDX-License-Identifier: Apache-2.0
package dev.resumable.fuzz;

import dev.resumable.http.AcceptEncodingField;
import dev.resumable.http.AcceptField;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.ContentDisposition;
import dev.resumable.http.ContentRange;
import dev.resumable.http.DigestFields;
import dev.resumable.http.EntityTag;
import dev.resumable.http.HttpDate;
import dev.resumable.http.RangeLimits;
import dev.resumable.http.RangeSelection;
import dev.resumable.http.RangesSpecifier;
import dev.resumable.http.StructuredFields;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The parsers that are fuzzed, each with its laws; whole exchanges are in {@link ExchangeLaws}. */
enum FuzzTarget {
    RANGES(RangeLaws::check, FuzzTarget::readRanges),
    CONDITIONS(ConditionLaws::check, FuzzTarget::readConditions),
    HTTP_DATE(DateLaws::check, input -> HttpDate.parse(FieldInput.text(input))),
    CONTENT_RANGE(ContentRangeLaws::check, input -> ContentRange.parse(FieldInput.text(input))),
    STRUCTURED_FIELDS(StructuredFieldLaws::check, FuzzTarget::readStructuredFields),
    ACCEPT(
            AcceptLaws::check,
            input -> AcceptField.parse(FieldInput.lines(input)).quality("text", "html")),
    ACCEPT_ENCODING(
            AcceptEncodingLaws::check,
            input -> AcceptEncodingField.parse(FieldInput.lines(input)).prefers("gzip")),
    CONTENT_DISPOSITION(
            DispositionLaws::check, input -> ContentDisposition.attachment(DispositionLaws.fileName(input)));

    private final Consumer<byte[]> laws;
    private final Consumer<byte[]> reading;

    FuzzTarget(Consumer<byte[]> laws, Consumer<byte[]> reading) {
        this.laws = laws;
        this.reading = reading;
    }

    /** Throws if the library breaks a law with this input. */
    void check(byte[] input) {
        laws.accept(input);
    }

    /** Only lets the library read this input, as a server does: for measuring time. */
    void read(byte[] input) {
        reading.accept(input);
    }

    /** Gives the name of the directory of the corpus, which is that of the fuzz test's method. */
    String corpus() {
        StringBuilder name = new StringBuilder();
        for (String word : name().toLowerCase(Locale.ROOT).split("_")) {
            name.append(name.isEmpty() ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return name.toString();
    }

    private static void readRanges(byte[] input) {
        RangesSpecifier.parse(FieldInput.linesBehindFirst(input))
                .ifPresent(
                        asked -> RangeSelection.select(asked, FieldInput.numberInFirst(input), RangeLimits.defaults()));
    }

    private static void readConditions(byte[] input) {
        List<String> lines = FieldInput.lines(input);
        EntityTag.parse(FieldInput.text(input));
        ConditionalRequest.parse(name -> lines);
    }

    private static void readStructuredFields(byte[] input) {
        List<String> lines = FieldInput.lines(input);
        StructuredFields.parseItem(lines);
        StructuredFields.parseDictionary(lines);
        DigestFields.wantsSha256(lines);
        DigestFields.sha256In(lines);
    }
}
