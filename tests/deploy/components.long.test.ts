import { componentsEngine } from './componentsEngine.ts';

componentsEngine();
