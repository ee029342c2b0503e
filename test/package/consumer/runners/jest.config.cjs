// Jest lies elsewhere: JEST_MODULES says where. JEST_KIND is what it reads modules as.

const at = (name) => require.resolve(name, { paths: [process.env.JEST_MODULES] });
const project = (displayName, test, transform) => ({
  displayName,
  rootDir: __dirname,
  testMatch: [`<rootDir>/${test}`],
  moduleFileExtensions: ['js', 'cjs', 'mjs', 'json'],
  transform,
});
const babel = (...plugins) => ({ '\\.mjs$': [at('babel-jest'), { plugins }] });

const jsdom = (each) => ({ ...each, testEnvironment: at('jest-environment-jsdom') });

const KINDS = {
  commonjs: [
    project('CommonJS', 'require.test.cjs', {}),
    project('CommonJS by Babel', 'import.test.mjs', babel(at('@babel/plugin-transform-modules-commonjs'))),
  ],
  jsdom: [
    jsdom(project('CommonJS', 'require.test.cjs', {})),
    jsdom(project('CommonJS by Babel', 'import.test.mjs', babel(at('@babel/plugin-transform-modules-commonjs')))),
  ],
  modules: [project('ES modules', 'import.test.mjs', {}), project('ES modules by Babel', 'import.test.mjs', babel())],
};

module.exports = { projects: KINDS[process.env.JEST_KIND] };
