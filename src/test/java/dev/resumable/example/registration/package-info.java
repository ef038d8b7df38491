// SPDX-License-Identifier: Apache-2.0
/** A small application with the filter registered in each way that a WAR has; {@code RegistrationIT} packs and deploys it. */
package dev.resumable.example.registration;
