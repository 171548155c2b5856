/** Is the answer that somebody has to agree first? */
export function waits({ data }: { data?: unknown }): boolean {
  return (data as { workflowStatus?: string } | undefined)?.workflowStatus === 'CREATED';
}
