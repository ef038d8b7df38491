// SPDX-License-Identifier: Apache-2.0
package dev.resumable.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeLimitsTest {
    @Test
    void hasTheDocumentedDefaults() {
        assertThat(RangeLimits.defaults()).isEqualTo(new RangeLimits(200, 20, 20, 256, 4096));
    }

    @Test
    void everyBoundMayBeZero() {
        RangeLimits none = new RangeLimits(0, 0, 0, 0, 0);
        assertThat(none.maxRanges()).isZero();
        assertThat(none.allowance()).isZero();
    }

    @ParameterizedTest(name = "{0} must not be negative")
    @CsvSource({
        "maxRanges, -1, 0, 0, 0, 0",
        "maxOverlaps, 0, -1, 0, 0, 0",
        "maxDescending, 0, 0, -1, 0, 0",
        "partOverhead, 0, 0, 0, -1, 0",
        "allowance, 0, 0, 0, 0, -1"
    })
    void refusesNegativeBounds(String name, int ranges, int overlaps, int descending, int overhead, long allowance) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RangeLimits(ranges, overlaps, descending, overhead, allowance))
                .withMessageContaining(name)
                .withMessageContaining("-1");
    }
}
