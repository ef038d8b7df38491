// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

/** The request methods that conditions tell apart, RFC 9110 §13.2. */
public enum RequestMethod {
    /** The method GET. */
    GET,
    /** The method HEAD. */
    HEAD,
    /** Any other method. */
    OTHER;

    /** Returns the constant for a method name; names are case-sensitive, RFC 9110 §9.1. */
    public static RequestMethod of(String name) {
        return switch (name) {
            case "GET" -> GET;
            case "HEAD" -> HEAD;
            default -> OTHER;
        };
    }

    /** Tells whether the method asks for the current representation, with or without its content. */
    boolean retrieves() {
        return this != OTHER;
    }
}
