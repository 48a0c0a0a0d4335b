/* SPDX-License-Identifier: MIT */
/* advice_hosts.h - hosts lines as the quick repair, for any code whose names
 * are answered wrongly.  Private to advice*.c.
 *
 * Exactly one of the conditions holds where lines help.  pl-hosts writes them
 * where it runs, from the same document; a case that came from another
 * machine, or from Windows, and a run without a document get the lines and the
 * way to there.  Where no address is known there are no lines, and the first
 * thing to do is to learn the addresses.
 */
#ifndef DIAG_VERDICT_ADVICE_HOSTS_H
#define DIAG_VERDICT_ADVICE_HOSTS_H

#include "verdict/advice.h"

bool advice_asks_azure(const struct advice *a);

bool advice_hosts_here(const struct advice *a);	   /* pl-hosts, now */
bool advice_hosts_bare(const struct advice *a);	   /* no document to give it */
bool advice_hosts_afar(const struct advice *a);	   /* another machine's case */
bool advice_hosts_windows(const struct advice *a); /* no pl-hosts there */
bool advice_no_address(const struct advice *a);

/* The hosts file at fault is this machine's, and pl-hosts can write it. */
bool advice_file_is_here(const struct advice *a);
/* ... and a document says what it should say of every name concerned. */
bool advice_own_here(const struct advice *a);

#define HOSTS_ROW(c, how, words)                                            \
	{                                                                   \
		.code = (c), .when = (how), .kind = "hosts",                \
		.who = DIAG_WHO_USER, .with = ADVICE_LINES, .text = (words) \
	}

#define HOSTS_QUICK(c)                                                        \
	{ .code = (c),                                                        \
	  .when = advice_hosts_here,                                          \
	  .kind = "hosts",                                                    \
	  .who = DIAG_WHO_USER,                                               \
	  .with = ADVICE_LINES,                                               \
	  .command = "sudo pl-hosts apply {inv}{hostsoption}",                \
	  .undo = "sudo pl-hosts undo{hostsoption}",                          \
	  .text = "Quick repair on this machine, in {hosts}; take it back "   \
		  "once the lasting repair is made:" },                       \
	    HOSTS_ROW((c), advice_hosts_bare,                                 \
		      "Quick repair on this machine: add these lines to "     \
		      "{hosts} (pl-inventory expand, given what you gave "    \
		      "here, with > FILE, then sudo pl-hosts apply FILE, "    \
		      "writes them and can undo it); take them out again "    \
		      "once the lasting repair is made."),                    \
	    HOSTS_ROW((c), advice_hosts_afar,                                 \
		      "Quick repair, to be made on {host}: add these lines "  \
		      "to its {hosts} (sudo pl-hosts apply INVENTORY there "  \
		      "writes them and can undo it); take them out again "    \
		      "once the lasting repair is made."),                    \
	    HOSTS_ROW((c), advice_hosts_windows,                              \
		      "Quick repair, to be made on {host} by an "             \
		      "administrator: add these lines to {hosts}, then run "  \
		      "ipconfig /flushdns; take them out again once the "     \
		      "lasting repair is made."),                             \
	{                                                                     \
		.code = (c), .when = advice_no_address, .kind = "gather",     \
		.who = DIAG_WHO_USER,                                         \
		.command = "pl-inventory gather --workspace {workspace} > "   \
			   "gather.sh",                                       \
		.text = "The private addresses are not known here, so no "    \
			"hosts lines can be given: run the script that this " \
			"prints where az works, and pl-inventory import "     \
			"makes an inventory of what it collects."             \
	}

#endif
