// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.resumable.http.TagCondition.Absent;
import dev.resumable.http.TagCondition.Any;
import dev.resumable.http.TagCondition.Listed;
import dev.resumable.http.TagCondition.Unusable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TagConditionTest {
    private static final EntityTag STRONG = EntityTag.strong("a");
    private static final EntityTag WEAK = EntityTag.weak("a");

    @ParameterizedTest(name = "RFC 9110 §13.1.1, §13.1.2: <{0}> lists {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    "a"                | ["a"]
                    W/"a"              | [W/"a"]
                    "a", W/"b" ,"c"    | ["a", W/"b", "c"]
                    "a","a"            | ["a", "a"]
                    "a,b", "*"         | ["a,b", "*"]
                    "a"⏎"b", "c"       | ["a", "b", "c"]
                    "a"⏎⏎"b"           | ["a", "b"]
                    ' \t"a"\t,\t"b"\t' | ["a", "b"]
                    ,, "a",, "b",      | ["a", "b"]
                    ,                  | []
                    ''                 | []
                    """)
    void listsTags(String lines, String tags) {
        assertThat(TagCondition.parse(FieldText.lines(lines)))
                .isInstanceOfSatisfying(
                        Listed.class, listed -> assertThat(listed.tags()).hasToString(tags));
    }

    @ParameterizedTest(name = "RFC 9110 §13.1.1, §13.1.2: <{0}> is any")
    @ValueSource(strings = {"*", " *", "* ", "\t*\t"})
    void understandsTheStar(String line) {
        assertThat(TagCondition.parse(List.of(line))).isEqualTo(new Any());
    }

    @ParameterizedTest(name = "RFC 9110 §13.1.1, §13.1.2: <{0}> names no state")
    @ValueSource(
            strings = {
                "a",
                "\"a",
                "\"a\" \"b\"",
                "\"a\"\"b\"",
                "\"a\";q=1",
                "*, \"a\"",
                "\"a\", *",
                "*⏎\"a\"",
                "*⏎*",
                "**",
                "*,",
                ", *",
                "\"a\", b",
                "\"a\", w/\"b\"",
                "\"a\"⏎b"
            })
    void obeysNoHalfOfWhatIsNotWellFormed(String lines) {
        assertThat(TagCondition.parse(FieldText.lines(lines))).isEqualTo(new Unusable());
    }

    @Test
    void unusableIsPresentAndMatchesNothing() {
        TagCondition unusable = new Unusable();
        assertThat(unusable.isPresent()).isTrue();
        assertThat(unusable.matchesStrongly(Validators.of(STRONG))).isFalse();
        assertThat(unusable.matchesWeakly(Validators.of(STRONG))).isFalse();
    }

    @Test
    void absentIsNotPresentAndMatchesNothing() {
        assertThat(TagCondition.parse(List.of())).isEqualTo(new Absent());
        TagCondition absent = new Absent();
        assertThat(absent.isPresent()).isFalse();
        assertThat(absent.matchesStrongly(Validators.of(STRONG))).isFalse();
        assertThat(absent.matchesWeakly(Validators.of(STRONG))).isFalse();
    }

    @Test
    void anyMatchesAlsoWhatHasNoTag() {
        TagCondition any = new Any();
        assertThat(any.isPresent()).isTrue();
        assertThat(any.matchesStrongly(Validators.none())).isTrue();
        assertThat(any.matchesWeakly(Validators.none())).isTrue();
    }

    @Test
    void listedMatchesByOneOfItsTags() {
        TagCondition listed = new Listed(List.of(EntityTag.strong("b"), STRONG));
        assertThat(listed.isPresent()).isTrue();
        assertThat(listed.matchesStrongly(Validators.of(STRONG))).isTrue();
        assertThat(listed.matchesWeakly(Validators.of(STRONG))).isTrue();
        assertThat(listed.matchesStrongly(Validators.of(WEAK))).isFalse();
        assertThat(listed.matchesWeakly(Validators.of(WEAK))).isTrue();
        assertThat(listed.matchesStrongly(Validators.of(EntityTag.strong("c")))).isFalse();
        assertThat(listed.matchesWeakly(Validators.of(EntityTag.strong("c")))).isFalse();
        assertThat(listed.matchesWeakly(Validators.none())).isFalse();
    }

    @Test
    void listedMatchesByOneOfTheTagsOfTheState() {
        Validators current = new Validators(Optional.of(EntityTag.strong("b")), List.of(STRONG), Optional.empty());
        assertThat(new Listed(List.of(STRONG)).matchesStrongly(current)).isTrue();
        assertThat(new Listed(List.of(WEAK)).matchesStrongly(current)).isFalse();
        assertThat(new Listed(List.of(WEAK)).matchesWeakly(current)).isTrue();
    }

    @Test
    void listedKeepsACopy() {
        List<EntityTag> tags = new ArrayList<>(List.of(STRONG));
        Listed listed = new Listed(tags);
        tags.clear();
        assertThat(listed.tags()).containsExactly(STRONG);
    }
}
