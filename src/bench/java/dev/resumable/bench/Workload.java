// SPDX-License-Identifier: Apache-2.0
package dev.resumable.bench;

import java.io.IOException;
import java.util.List;

/** Something that all contestants of a container are asked to do. */
interface Workload {

    /** The heading of its table. */
    String title();

    /** What the cells of a row are, after container and contestant. */
    List<String> columns();

    /** Has it done, in turns; a row for each contestant. */
    List<Row> run(Lineup lineup) throws IOException;
}
