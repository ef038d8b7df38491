// SPDX-License-Identifier: Apache-2.0
package dev.resumable.filter;

import dev.resumable.content.ContentRequest;
import dev.resumable.http.ConditionalRequest;
import dev.resumable.http.EntityTag;
import dev.resumable.http.IfRange;
import dev.resumable.http.RangeField;
import dev.resumable.http.RequestMethod;
import dev.resumable.http.TagCondition;
import dev.resumable.http.Validators;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Chooses between the two forms of a body, without a coding and in gzip: fields and tags in, form out (RFC 9110 §12.1).
 *
 * <p>Of the forms that Accept-Encoding allows, the one is taken that a condition names by its tag: a client that holds a part
 * of one form wants the rest of that form, whatever it would prefer if it held nothing. Else it is the preferred one.
 */
record Negotiation(ContentRequest asked) {

    static final String GZIP = "gzip";
    private static final String IDENTITY = "identity";

    /** The form to answer with. */
    enum Form {
        IDENTITY,
        GZIP
    }

    /** The tags of one condition, and how it compares them with those of a form. */
    private record Named(List<EntityTag> tags, BiPredicate<Validators, EntityTag> comparison) {

        boolean names(Validators form) {
            return tags.stream().anyMatch(tag -> comparison.test(form, tag));
        }

        boolean namesNothingElse(Validators form) {
            return tags.stream().allMatch(tag -> comparison.test(form, tag));
        }
    }

    /** True if the form without coding is the answer whatever the tag of the other one is, which need not be made then. */
    boolean isIdentity(Validators identity) {
        if (!asked.acceptEncoding().accepts(GZIP)) {
            return true;
        }
        if (refusesIdentity()) {
            return false;
        }
        List<Named> conditions = conditions();
        return conditions.isEmpty()
                ? preferred() == Form.IDENTITY
                : conditions.stream().allMatch(condition -> condition.namesNothingElse(identity));
    }

    /** The form, once the tags of both are known. */
    Form choose(Validators identity, Validators gzip) {
        if (!asked.acceptEncoding().accepts(GZIP)) {
            return Form.IDENTITY;
        }
        if (refusesIdentity()) {
            return Form.GZIP;
        }
        for (Named condition : conditions()) {
            boolean namesGzip = condition.names(gzip);
            if (namesGzip != condition.names(identity)) {
                return namesGzip ? Form.GZIP : Form.IDENTITY;
            }
        }
        return preferred();
    }

    /** True if the client cannot use bytes without a coding: the gzip form is then the better one even if it is longer. */
    boolean refusesIdentity() {
        return asked.acceptEncoding().accepts(GZIP) && !asked.acceptEncoding().accepts(IDENTITY);
    }

    private Form preferred() {
        return asked.acceptEncoding().prefers(GZIP) ? Form.GZIP : Form.IDENTITY;
    }

    /** Those with tags, in the order in which they are evaluated (RFC 9110 §13.2.2). */
    private List<Named> conditions() {
        ConditionalRequest conditions = asked.conditions();
        return List.of(
                        new Named(tags(conditions.ifMatch()), Validators::anyTagMatchesStrongly),
                        new Named(tags(conditions.ifNoneMatch()), Validators::anyTagMatchesWeakly),
                        new Named(rangeTag(), Validators::anyTagMatchesStrongly))
                .stream()
                .filter(condition -> !condition.tags().isEmpty())
                .toList();
    }

    private static List<EntityTag> tags(TagCondition condition) {
        return condition instanceof TagCondition.Listed listed ? listed.tags() : List.of();
    }

    /** RFC 9110 §13.1.5: If-Range is ignored where there is no Range, which is of GET alone (§14.2). */
    private List<EntityTag> rangeTag() {
        boolean ranged = asked.method() == RequestMethod.GET && asked.ranges() instanceof RangeField.Asked;
        return ranged && asked.conditions().ifRange() instanceof IfRange.Tag tag ? List.of(tag.entityTag()) : List.of();
    }
}
