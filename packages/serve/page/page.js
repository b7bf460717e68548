// The page that images are dropped on: each is sent to /predict, and its most probable classes are shown.

const drop = document.querySelector('#drop')
const chooser = document.querySelector('#files')
const answers = document.querySelector('#answers')
const template = document.querySelector('#answer')

/** How often an image is sent again when the server is busy. */
const retries = 5

function element(name, properties) {
  return Object.assign(document.createElement(name), properties)
}

function classRow({ label, probability }) {
  const row = element('div', { className: 'class' })
  row.append(
    element('span', { textContent: label, title: label }),
    element('meter', { value: probability, max: 1, title: `${label}: ${probability}` }),
    element('span', { textContent: `${(100 * probability).toFixed(1)} %` }),
  )
  return row
}

async function predict(file) {
  for (let attempt = 0; ; attempt++) {
    const body = new FormData()
    body.append('image', file)
    const response = await fetch('/predict', { method: 'POST', body })
    const answer = await response.json()
    if (response.ok) return answer.predictions[0].top
    if (response.status !== 503 || attempt === retries) throw new Error(answer.error)
    const seconds = Number(response.headers.get('retry-after') ?? 1)
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds))
  }
}

async function show(file) {
  const item = template.content.firstElementChild.cloneNode(true)
  const status = item.querySelector('p')
  const picture = item.querySelector('img')
  item.querySelector('strong').textContent = file.name
  status.textContent = 'Predicting …'
  picture.src = URL.createObjectURL(file)
  picture.onload = () => URL.revokeObjectURL(picture.src)
  picture.onerror = () => picture.removeAttribute('src')
  answers.prepend(item)
  try {
    const top = await predict(file)
    status.replaceWith(...top.map(classRow))
  } catch (error) {
    status.className = 'failed'
    status.textContent = error.message
  }
}

/** One after another, as many as are dropped. */
async function showAll(files) {
  for (const file of files) await show(file)
}

chooser.addEventListener('change', async () => {
  await showAll([...chooser.files])
  chooser.value = ''
})
for (const type of ['dragover', 'dragleave', 'drop'])
  document.addEventListener(type, (event) => {
    event.preventDefault()
    drop.classList.toggle('over', type === 'dragover')
    if (type === 'drop') showAll([...event.dataTransfer.files])
  })
document.addEventListener('paste', (event) => showAll([...event.clipboardData.files]))
