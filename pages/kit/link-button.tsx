import { Anchor, Button, type ButtonProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface LinkButtonProps extends ButtonProps {
  to: string;
  search?: object;
  onClick?: () => void;
  children: ReactNode;
}

/** A link that looks like a button, within the portal. */
export function LinkButton({ to, search, children, ...look }: LinkButtonProps) {
  return (
    <Button {...look} renderRoot={(root) => <Link to={to} search={search as never} {...root} />}>
      {children}
    </Button>
  );
}

export function TextLink({ to, search, children, fw = 560 }: { to: string; search?: object; children: ReactNode; fw?: number }) {
  return (
    <Anchor fw={fw} renderRoot={(root) => <Link to={to} search={search as never} {...root} />}>
      {children}
    </Anchor>
  );
}
