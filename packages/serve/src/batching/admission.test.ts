import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAdmission, type Ticket } from './admission.js'

const limits = { images: 10, bytes: 1000 }

test('what is beyond a limit is refused, and let in when there is room again', () => {
  const admission = createAdmission(limits)
  const first = admission.admit(600)
  expect(() => admission.admit(401)).toThrow(expect.objectContaining({ code: 'E_BUSY' }))
  first.hold(10)
  expect(() => admission.admit(0)).toThrow('The server is busy with 10 images')
  first.release()
  first.release()
  expect(admission.images).toBe(0)
  expect(() => admission.admit(1000).hold(11)).toThrow(expect.objectContaining({ code: 'E_BUSY' }))
})

const action = fc.record({
  kind: fc.constantFrom('admit', 'hold', 'release'),
  ticket: fc.nat(20),
  amount: fc.nat(12),
})

test('whatever is held and given back, the limits hold, and all is given back in the end', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
      const admission = createAdmission(limits)
      const tickets: Ticket[] = []
      for (const { kind, ticket, amount } of actions) {
        const held = tickets[ticket % Math.max(1, tickets.length)]
        try {
          if (kind === 'admit') tickets.push(admission.admit(amount * 40))
          if (kind === 'hold') held?.hold(amount)
          if (kind === 'release') held?.release()
        } catch (error) {
          expect(error).toMatchObject({ code: 'E_BUSY' })
        }
        expect(admission.images).toBeGreaterThanOrEqual(0)
        expect(admission.images).toBeLessThanOrEqual(limits.images)
      }
      for (const each of tickets) each.release()
      expect(admission.images).toBe(0)
      admission.admit(limits.bytes)
    }),
  )
})
