// SPDX-License-Identifier: Apache-2.0
/** Resumable HTTP for any Jakarta Servlet application: strong entity-tags, ranges, conditional requests, and uploads. */
module dev.resumable {
    requires com.fasterxml.jackson.jr.ob;
    requires transitive static jakarta.servlet;
    requires java.management;
    requires org.apache.commons.fileupload2.core;
    requires org.apache.commons.io;
    requires static com.zaxxer.hikari;
    requires static java.naming;
    requires transitive static java.sql;
    requires static org.apache.httpcomponents.client5.httpclient5;
    requires static org.apache.httpcomponents.core5.httpcore5;
    requires static org.jspecify;

    exports dev.resumable.http;
    exports dev.resumable.content;
    exports dev.resumable.filter;
    exports dev.resumable.files;
    exports dev.resumable.metrics;
    exports dev.resumable.proxy;
    exports dev.resumable.upload;
    exports dev.resumable.upload.jdbc;
    exports dev.resumable.upload.store;

    uses java.sql.Driver;
}
