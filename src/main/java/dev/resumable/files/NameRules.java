// SPDX-License-Identifier: Apache-2.0
package dev.resumable.files;

import java.io.File;
import java.util.Locale;
import java.util.Set;

/** Which names of a request path may be looked up in a file system at all: those that can only mean one child. */
enum NameRules {
    /** Where every byte but the slash and NUL may stand in a name. */
    POSIX {
        @Override
        boolean isPlainHere(String name) {
            return true;
        }
    },
    /** Where a name may also mean a stream of a file, a device, or another name that lost its last dots and spaces. */
    WINDOWS {
        @Override
        boolean isPlainHere(String name) {
            return name.chars().noneMatch(c -> c < ' ' || "<>:\"|?*".indexOf(c) >= 0)
                    && !name.endsWith(".")
                    && !name.endsWith(" ")
                    && !DEVICES.contains(stem(name));
        }
    };

    private static final Set<String> DEVICES = Set.of(
            "CON",
            "PRN",
            "AUX",
            "NUL",
            "CONIN$",
            "CONOUT$",
            "COM0",
            "COM1",
            "COM2",
            "COM3",
            "COM4",
            "COM5",
            "COM6",
            "COM7",
            "COM8",
            "COM9",
            "COM\u00B9",
            "COM\u00B2",
            "COM\u00B3",
            "LPT0",
            "LPT1",
            "LPT2",
            "LPT3",
            "LPT4",
            "LPT5",
            "LPT6",
            "LPT7",
            "LPT8",
            "LPT9",
            "LPT\u00B9",
            "LPT\u00B2",
            "LPT\u00B3");

    /** The rules of the platform that runs this. */
    static NameRules ofThisPlatform() {
        return File.separatorChar == '\\' ? WINDOWS : POSIX;
    }

    /**
     * Tells whether the name can mean a child of a directory and nothing else.
     *
     * <p>A backslash is refused everywhere: clients and servers disagree about whether it separates names. So is an unpaired
     * surrogate, which no URI can express.
     */
    boolean allows(String name) {
        boolean isReserved = name.isEmpty() || name.equals(".") || name.equals("..");
        return !isReserved && name.codePoints().noneMatch(NameRules::isNeverPlain) && isPlainHere(name);
    }

    private static boolean isNeverPlain(int character) {
        return character == '/'
                || character == '\\'
                || character == 0
                || Character.getType(character) == Character.SURROGATE;
    }

    abstract boolean isPlainHere(String name);

    /** The part that decides about devices: {@code nul.txt} is the device too. */
    private static String stem(String name) {
        int dot = name.indexOf('.');
        return (dot < 0 ? name : name.substring(0, dot)).trim().toUpperCase(Locale.ROOT);
    }
}
