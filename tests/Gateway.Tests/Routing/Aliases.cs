// Public types of a module stand inside internal ones; the module's own names for them are only its own.
global using GuardrailRule = JeanTrail.Gateway.Routes.Route.Guardrail;
global using RouteCache = JeanTrail.Gateway.Routes.Route.Cache;
global using RouteConditions = JeanTrail.Gateway.Routes.Route.Conditions;
global using RouteDefinition = JeanTrail.Gateway.Routes.Route.Definition;
global using RouteHours = JeanTrail.Gateway.Routes.Route.Hours;
global using RouteStrategy = JeanTrail.Gateway.Routes.Route.Strategy;
global using RouteTargetRule = JeanTrail.Gateway.Routes.Route.TargetRule;
