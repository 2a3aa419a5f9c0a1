/** Integers reproduce the references of mnist-small exactly: 2,000 images on each of its quantized files. */
import { test } from 'uvu';
import { testIntegerReferences } from '../support/integer-references.js';

testIntegerReferences('mnist-small', 5);

test.run();
