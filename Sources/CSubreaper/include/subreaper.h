#ifndef PITWALL_SUBREAPER_H
#define PITWALL_SUBREAPER_H

/* Makes the calling process the parent of its descendants' orphans: PR_SET_CHILD_SUBREAPER of prctl(2), which is
   variadic and so out of Swift's reach. Returns 0, or -1 with errno set; does nothing where there is no such call. */
int pitwall_adopt_orphans(void);

#endif
