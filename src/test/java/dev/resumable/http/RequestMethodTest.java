// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestMethodTest {
    @ParameterizedTest(name = "RFC 9110 §9.1: <{0}> is {1}")
    @CsvSource({
        "GET, GET, true",
        "HEAD, HEAD, true",
        "POST, OTHER, false",
        "PUT, OTHER, false",
        "get, OTHER, false",
        "'', OTHER, false"
    })
    void isTakenFromItsName(String name, RequestMethod method, boolean retrieves) {
        assertThat(RequestMethod.of(name)).isEqualTo(method);
        assertThat(method.retrieves()).isEqualTo(retrieves);
    }
}
