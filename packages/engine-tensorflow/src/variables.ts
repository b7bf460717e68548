import type { Program, Shape } from '@convkit/graph'
import { physicalShape, stateLayout } from './lowering/layout.js'
import type { GraphBuilder } from './saved-model/graph-builder.js'

/** The variables of a graph, by the names of the state that they hold, each in the layout that state is kept in. */
export interface Variables {
  shapeOf(name: string): Shape
  handle(name: string): string
  /** Adds a node that reads a variable when it runs. The value may share the variable's memory. */
  read(name: string): string
  /** Adds a node that stores a value when it runs, after the nodes of `after`. */
  assign(name: string, value: string, after?: readonly string[]): string
  /** Adds a node that takes a step with momentum when it runs, in one pass, after the nodes of `after`. */
  move(
    parameter: string,
    velocity: string,
    operands: { readonly rate: string; readonly slopes: string; readonly momentum: string },
    isNesterov: boolean,
    after?: readonly string[],
  ): string
}

export function variables(graph: GraphBuilder, { state }: Program): Variables {
  const shapeOf = (name: string) => state[name]?.shape ?? []
  const handle = (name: string) => {
    const shape = physicalShape(shapeOf(name), stateLayout(shapeOf(name)))
    return graph.add('VarHandleOp', [], {
      dtype: { type: 'float32' },
      shape: { shape },
      shared_name: name,
    })
  }
  return {
    shapeOf,
    handle,
    read: (name) => graph.addEffect('ReadVariableOp', [handle(name)], { dtype: { type: 'float32' } }),
    assign: (name, value, after) => graph.addEffect('AssignVariableOp', [handle(name), value], {}, after),
    move: (parameter, velocity, { rate, slopes, momentum }, isNesterov, after) =>
      graph.addEffect(
        'ResourceApplyMomentum',
        [handle(parameter), handle(velocity), rate, slopes, momentum],
        { use_nesterov: isNesterov },
        after,
      ),
  }
}
