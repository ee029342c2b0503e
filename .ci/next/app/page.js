'use client';
// Computes on the server, where it is rendered first, and trains in the browser.

import { sigmoid } from 'bitgrad';
import { useEffect } from 'react';

export default function Page() {
  useEffect(() => {
    import('../page.js');
  }, []);
  return <output>{sigmoid(0)}</output>;
}
