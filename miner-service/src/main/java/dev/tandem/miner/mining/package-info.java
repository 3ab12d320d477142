/** From the top passages of a query to its candidate lists: roles, exclusions and seeded sampling. */
package dev.tandem.miner.mining;
