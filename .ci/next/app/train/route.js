// Gradients of a network that is as its seed says, and a training with the options in the address.

import * as bitgrad from 'bitgrad';
import { training } from '../../training.js';

export async function GET({ url }) {
  const options = JSON.parse(new URL(url).searchParams.get('options'));
  const net = bitgrad.network({ inputs: 2, layers: [1], seed: 1 });
  const [weights] = net.gradients([[1, 2]], [3]).weights;
  return Response.json({ ...(await training(bitgrad, options)), weights: weights.toArray() });
}
