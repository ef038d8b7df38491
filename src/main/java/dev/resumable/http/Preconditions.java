// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

/**
 * The decision whether a request is carried out in the current state, in the order of RFC 9110 §13.2.2.
 *
 * <p>It presumes that the target has a current representation and that the answer without conditions would be a 2xx.
 * {@code If-Range}, step 5 of that order, is decided afterwards by {@link IfRange#holds} together with the range set.
 */
public sealed interface Preconditions {
    /** Returns whether to proceed, to say 304 or to say 412. */
    static Preconditions evaluate(ConditionalRequest request, Validators current, RequestMethod method) {
        if (!isExpectedState(request, current)) {
            return new Failed();
        }
        if (isNewToClient(request, current, method)) {
            return new Proceed();
        }
        return method.retrieves() ? new NotModified() : new Failed();
    }

    /** Steps 1 and 2: the state must be one that the client knows. */
    private static boolean isExpectedState(ConditionalRequest request, Validators current) {
        if (request.ifMatch().isPresent()) {
            return request.ifMatch().matchesStrongly(current);
        }
        // RFC 9110 §13.1.4: ignored if there is no modification date.
        return request.ifUnmodifiedSince()
                .flatMap(limit -> current.lastModified().map(changed -> !changed.isAfter(limit)))
                .orElse(true);
    }

    /** Steps 3 and 4: the state must not be one that the client has already. */
    private static boolean isNewToClient(ConditionalRequest request, Validators current, RequestMethod method) {
        if (request.ifNoneMatch().isPresent()) {
            return !request.ifNoneMatch().matchesWeakly(current);
        }
        // RFC 9110 §13.1.3: ignored for other methods, and if there is no modification date.
        return !method.retrieves()
                || request.ifModifiedSince()
                        .flatMap(limit -> current.lastModified().map(changed -> changed.isAfter(limit)))
                        .orElse(true);
    }

    /** Carry the request out. */
    record Proceed() implements Preconditions {}

    /** Answer 304: the client has this state already, RFC 9110 §15.4.5. */
    record NotModified() implements Preconditions {}

    /** Answer 412: the state is not the one that the request was made for, RFC 9110 §15.5.13. */
    record Failed() implements Preconditions {}
}
