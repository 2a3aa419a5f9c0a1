/** Integers reproduce the references exactly; mnist-small, the longest, has a file of its own. */
import { test } from 'uvu';
import { testIntegerReferences } from '../support/integer-references.js';

testIntegerReferences('digits-tiny', 5);
testIntegerReferences('stress-spe', 2);
testIntegerReferences('stress-nospe', 2);

test.run();
