// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The validators of the current state of a representation, RFC 9110 §8.8.
 *
 * @param entityTag the tag that is sent as {@code ETag}, if there is one
 * @param alsoKnownAs further tags of the same current state, such as one made of the metadata of a file beside one made
 *     of its content: a transfer that began under one of them goes on under another
 * @param lastModified the time of the last change in whole seconds, as fields carry it, if known
 */
public record Validators(Optional<EntityTag> entityTag, List<EntityTag> alsoKnownAs, Optional<Instant> lastModified) {
    private static final Validators NONE = of(Optional.empty(), Optional.empty());

    /** Keeps a copy of the list and drops the fraction of the second, which no field can carry. */
    public Validators {
        alsoKnownAs = List.copyOf(alsoKnownAs);
        lastModified = lastModified.map(time -> time.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Returns no validators: nothing is known about the state. */
    public static Validators none() {
        return NONE;
    }

    /** Returns a tag alone. */
    public static Validators of(EntityTag entityTag) {
        return of(Optional.of(entityTag), Optional.empty());
    }

    /** Returns a tag and the time of the last change. */
    public static Validators of(EntityTag entityTag, Instant lastModified) {
        return of(Optional.of(entityTag), Optional.of(lastModified));
    }

    /** Returns what there is of a tag and the time of the last change. */
    public static Validators of(Optional<EntityTag> entityTag, Optional<Instant> lastModified) {
        return new Validators(entityTag, List.of(), lastModified);
    }

    /** Tells whether one of the tags of this state matches by the strong comparison, RFC 9110 §8.8.3.2. */
    public boolean anyTagMatchesStrongly(EntityTag other) {
        return anyTag(other::matchesStrongly);
    }

    /** Tells whether one of the tags of this state matches by the weak comparison, RFC 9110 §8.8.3.2. */
    public boolean anyTagMatchesWeakly(EntityTag other) {
        return anyTag(other::matchesWeakly);
    }

    private boolean anyTag(Predicate<EntityTag> matches) {
        // Without a stream: every request that revalidates comes here.
        for (EntityTag other : alsoKnownAs) {
            if (matches.test(other)) {
                return true;
            }
        }
        return entityTag.isPresent() && matches.test(entityTag.get());
    }
}
