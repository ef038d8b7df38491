// SPDX-License-Identifier: Apache-2.0
package dev.resumable.upload;

import dev.resumable.servlet.InitParameters;

/**
 * Everything that can go wrong with an upload, as a problem of RFC 9457.
 *
 * <p>The type and the status of a problem never change; its detail is for people.
 */
public enum UploadProblem {
    /** The request cannot be understood. */
    MALFORMED_REQUEST(400, "The request is malformed"),
    /** A plain POST: neither a JSON document nor the fields of any protocol. */
    NO_PROTOCOL(400, "The request belongs to none of the upload protocols"),
    /** The body ended before its announced length, or before the end of its coding. */
    INCOMPLETE_BODY(400, "The body ended early"),
    /** The announced lengths contradict each other. */
    INCONSISTENT_LENGTH(400, "The lengths contradict each other"),
    /** The number is not that of a part of this upload. */
    NO_SUCH_PART(404, "The upload has no part of this number"),
    /** A part of another size than its number demands. */
    WRONG_PART_SIZE(400, "The part has the wrong size"),
    /** The digest is mandatory and is not there, or has no algorithm that is understood. */
    DIGEST_REQUIRED(400, "A digest of the body is required"),
    /** State would be changed from a page of an origin that is not allowed. */
    ORIGIN_NOT_ALLOWED(403, "The origin is not allowed"),
    /** A hook of the application has refused; its own status may be another. */
    REFUSED(403, "The application refused"),
    /** Joined from pieces, so that nothing can be appended. */
    JOINED_UPLOAD(403, "The upload was joined from others"),
    /** There is no such upload or file, or it is another owner's. */
    NOT_FOUND(404, "Not found"),
    /** The resource has no such method. */
    METHOD_NOT_ALLOWED(405, "The method is not allowed"),
    /** The client sent nothing for too long, or too slowly. */
    TOO_SLOW(408, "The body came too slowly"),
    /** The version of the protocol is missing, or is one that is not spoken here. */
    UNSUPPORTED_VERSION(412, "The version of the protocol is not supported"),
    /** A condition of the request does not hold (RFC 9110 §13.1). */
    PRECONDITION_FAILED(412, "The precondition failed"),
    /** The upload speaks another protocol. */
    WRONG_PROTOCOL(409, "The upload was created in another protocol"),
    /** The offset of an append is not that of the upload. */
    OFFSET_MISMATCH(409, "The offset does not match"),
    /** Parts are missing. */
    PARTS_MISSING(409, "Parts are missing"),
    /** It takes no more bytes. */
    ALREADY_COMPLETE(409, "The upload is complete"),
    /** Another request has taken the upload over, or has changed it. */
    TAKEN_OVER(409, "Another request took the upload over"),
    /** The file that the upload became was deleted. */
    FILE_DELETED(410, "The file was deleted"),
    /** Larger than allowed, or than was announced. */
    TOO_LARGE(413, "The content is too large"),
    /** The owner's files and uploads would take too many bytes. */
    QUOTA_EXCEEDED(413, "The quota is exceeded"),
    /** The body has the wrong media type. */
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    /** The body does not have its announced digest. */
    DIGEST_MISMATCH(422, "The digest does not match"),
    /** The whole does not have the digest that was announced for it. */
    FILE_DIGEST_MISMATCH(422, "The digest of the whole does not match"),
    /** Another request is at work on the same bytes. */
    BUSY(423, "Another request is at work on the upload"),
    /** The owner has too many unfinished uploads. */
    TOO_MANY_UPLOADS(429, "There are too many unfinished uploads"),
    /** The store failed. */
    STORE_FAILED(500, "The store failed"),
    /** The server is stopping. */
    SHUTTING_DOWN(503, "The server is stopping"),
    /** Too many bodies come in at a time, each of which holds a thread. */
    OVERLOADED(503, "Too many bodies come in"),
    /** There is no room for more bytes. */
    STORAGE_FULL(507, "The storage is full"),

    /** In the IETF draft: the offset of an append is not that of the upload. */
    MISMATCHING_UPLOAD_OFFSET(409, "Mismatching Upload Offset"),
    /** In the IETF draft: lengths, offset and body contradict each other. */
    INCONSISTENT_UPLOAD_LENGTH(400, "Inconsistent Upload Length Values"),
    /** In the IETF draft, up to its version 11: the upload takes no more bytes. */
    COMPLETED_UPLOAD(400, "Upload Is Completed");

    private static final String TYPES = "https://resumable.dev/problems/";
    /** Of the registry of RFC 9457 §4.2. */
    private static final String REGISTERED_TYPES = "https://iana.org/assignments/http-problem-types#";

    private final int status;
    private final String title;

    UploadProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The status of the answer, unless a protocol demands another. */
    public int status() {
        return status;
    }

    /** A sentence that is the same for every occurrence. */
    public String title() {
        return title;
    }

    /** The URI that names the problem. */
    public String type() {
        return types() + InitParameters.spelling(this);
    }

    private String types() {
        return switch (this) {
            case MISMATCHING_UPLOAD_OFFSET, INCONSISTENT_UPLOAD_LENGTH, COMPLETED_UPLOAD -> REGISTERED_TYPES;
            default -> TYPES;
        };
    }
}
