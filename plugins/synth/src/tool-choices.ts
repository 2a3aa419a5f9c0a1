/** Values of the flags that choose a tool. */
export const TOOL_CHOICES = ['auto', 'system', 'embedded'] as const;
