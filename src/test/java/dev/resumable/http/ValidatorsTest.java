// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ValidatorsTest {
    private static final EntityTag CONTENT = EntityTag.strong("content");
    private static final EntityTag METADATA = EntityTag.strong("metadata");
    private static final Instant CHANGED = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void factoriesSayWhatTheyAreGiven() {
        assertThat(Validators.none()).isEqualTo(new Validators(Optional.empty(), List.of(), Optional.empty()));
        assertThat(Validators.of(CONTENT)).isEqualTo(new Validators(Optional.of(CONTENT), List.of(), Optional.empty()));
        assertThat(Validators.of(CONTENT, CHANGED))
                .isEqualTo(new Validators(Optional.of(CONTENT), List.of(), Optional.of(CHANGED)));
        assertThat(Validators.of(Optional.empty(), Optional.of(CHANGED)))
                .isEqualTo(new Validators(Optional.empty(), List.of(), Optional.of(CHANGED)));
    }

    @Test
    void theTimeOfChangeHasWholeSecondsAsFieldsDo() {
        assertThat(Validators.of(CONTENT, CHANGED.plusNanos(999_999_999)).lastModified())
                .contains(CHANGED);
        assertThat(Validators.of(CONTENT, Instant.ofEpochSecond(-1, 5)).lastModified())
                .contains(Instant.ofEpochSecond(-1));
    }

    @Test
    void everyTagOfTheStateCounts() {
        Validators current = new Validators(Optional.of(CONTENT), List.of(METADATA), Optional.empty());
        assertThat(current.anyTagMatchesStrongly(CONTENT)).isTrue();
        assertThat(current.anyTagMatchesStrongly(METADATA)).isTrue();
        assertThat(current.anyTagMatchesStrongly(EntityTag.strong("other"))).isFalse();
        assertThat(current.anyTagMatchesWeakly(CONTENT)).isTrue();
        assertThat(current.anyTagMatchesWeakly(METADATA)).isTrue();
        assertThat(current.anyTagMatchesWeakly(EntityTag.strong("other"))).isFalse();
    }

    @Test
    void weakTagsMatchWeaklyOnly() {
        EntityTag weak = EntityTag.weak("metadata");
        Validators current = new Validators(Optional.of(CONTENT), List.of(weak), Optional.empty());
        assertThat(current.anyTagMatchesStrongly(METADATA)).isFalse();
        assertThat(current.anyTagMatchesWeakly(METADATA)).isTrue();
        assertThat(Validators.of(METADATA).anyTagMatchesStrongly(weak)).isFalse();
        assertThat(Validators.of(METADATA).anyTagMatchesWeakly(weak)).isTrue();
    }

    @Test
    void noTagMatchesNothing() {
        assertThat(Validators.none().anyTagMatchesStrongly(CONTENT)).isFalse();
        assertThat(Validators.none().anyTagMatchesWeakly(CONTENT)).isFalse();
    }

    @Test
    void keepsACopyOfTheTags() {
        List<EntityTag> tags = new ArrayList<>(List.of(METADATA));
        Validators current = new Validators(Optional.empty(), tags, Optional.empty());
        tags.clear();
        assertThat(current.alsoKnownAs()).containsExactly(METADATA);
    }
}
