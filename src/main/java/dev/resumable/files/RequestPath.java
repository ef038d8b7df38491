// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a request path below the served directory, decoded by the container and cut at its slashes.
 *
 * @param names the names from the directory down, as they came: also empty ones and dots, which no file has
 * @param ending whether a slash ends the path
 */
record RequestPath(List<String> names, Ending ending) {

    /** How a path ends. */
    enum Ending {
        /** With a name, as the path of a file does. */
        NAME,
        /** With a slash, as the path of a directory does. */
        SLASH
    }

    /** Takes the names as a copy. */
    RequestPath {
        names = List.copyOf(names);
    }

    /** The path of a request, for any kind of mapping. */
    static RequestPath of(HttpServletRequest request) {
        String pathInfo = request.getPathInfo();
        if (pathInfo != null) {
            return parse(pathInfo);
        }
        // "/files" asked of "/files/*": the servlet path is the mapping's own. In all other mappings it is the file's.
        boolean isMappingItself = request.getHttpServletMapping().getMappingMatch() == MappingMatch.PATH;
        return parse(isMappingItself ? "" : request.getServletPath());
    }

    /** Cuts a decoded path at its slashes; the first slash stands for the directory itself. */
    static RequestPath parse(String path) {
        String below = path.startsWith("/") ? path.substring(1) : path;
        if (below.isEmpty()) {
            return new RequestPath(List.of(), path.isEmpty() ? Ending.NAME : Ending.SLASH);
        }
        return below.endsWith("/")
                ? new RequestPath(List.of(below.substring(0, below.length() - 1).split("/", -1)), Ending.SLASH)
                : new RequestPath(List.of(below.split("/", -1)), Ending.NAME);
    }

    /** The path of something in this directory. */
    RequestPath child(String name) {
        List<String> below = new ArrayList<>(names);
        below.add(name);
        return new RequestPath(below, Ending.NAME);
    }

    /** The last name; empty for the served directory itself. */
    String lastName() {
        return names.isEmpty() ? "" : names.get(names.size() - 1);
    }

    /** The path as text from the served directory: {@code /}, {@code /a/b.txt} or {@code /a/}. */
    @Override
    public String toString() {
        return "/" + String.join("/", names) + (ending == Ending.SLASH && !names.isEmpty() ? "/" : "");
    }
}
