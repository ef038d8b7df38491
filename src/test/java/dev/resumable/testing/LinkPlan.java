// SPDX-License-Identifier: Apache-2.0
package dev.resumable.testing;

/**
 * What goes wrong on one connection through a {@link FaultyLink}.
 *
 * @param toServer the fault in what the client sends
 * @param toClient the fault in what the server sends
 */
public record LinkPlan(Fault toServer, Fault toClient) {
    /** Gives a plan without faults. */
    public static LinkPlan clean() {
        return new LinkPlan(Fault.none(), Fault.none());
    }

    /** Gives a plan with this fault alone in what the server sends. */
    public static LinkPlan toClient(Fault fault) {
        return new LinkPlan(Fault.none(), fault);
    }

    /** Gives a plan with this fault alone in what the client sends. */
    public static LinkPlan toServer(Fault fault) {
        return new LinkPlan(fault, Fault.none());
    }
}
