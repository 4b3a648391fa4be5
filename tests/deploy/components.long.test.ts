import { testComponentsEngine } from './componentsEngine.ts';

testComponentsEngine();
