"""Words around a place that say nothing about it, by language. Data for `zones.search`, which reads all of them."""

# Words before the place: "I live in Leeds", "hora de Madrid".
BEFORE = {
    "en": "i im m am live living lives in at near from by around close to outside my time timezone zone is it its same "
    "as like use using currently now just city town village of please we are were based a an small little somewhere "
    "about think maybe probably here s stay staying set mine would be that well so uh um ok okay hi hello hey north "
    "south east west northern southern eastern western upper lower inner "
    "greater downtown metro area state province country county resident residing located",
    "es": "vivo estoy soy en de cerca por hora horario horarios zona horaria la el los las mi es ciudad pueblo "
    "pueblito provincia estado departamento region isla vivimos estamos ahora aqui actualmente uso huso misma mismo "
    "que una un yo desde como centro norte sur este oeste hola tengo del creo quizas tal vez seria pon ponme somos "
    "resido municipio comuna distrito pais capital afueras",
}
# Words after it: "Berlin time", "Lima por favor".
AFTER = {
    "en": "time timezone zone times standard daylight summer winter hour hours clock please now area city town region "
    "thanks thank you here too i think guess metro state province country county right island islands est edt cst "
    "cdt mst mdt pst pdt gmt cet cest bst ist aest aedt",
    "es": "por favor porfa porfavor ahora gracias hora horario capital aqui creo centro ciudad pais provincia mas o "
    "menos normal local",
}
# Words that say that the place itself is not typed, only one beside it, or whose clock may be another place's.
NEARLY = {
    "en": "near around close outside between north south east west greater upstate island islands est edt cst cdt mst "
    "mdt pst pdt gmt cet cest bst ist aest aedt",
    "es": "cerca lado afueras entre norte sur este oeste",
}
# Words that join a place and its country: "Santiago de Chile", "Valencia in Spain".
JOINING = {
    "en": "in of the",
    "es": "de del en d la el",
}
# Whole answers that are no place, though some village is called so; "_" stands between words.
NO_PLACE = {
    "en": "yes no ok hi hello hey here home house same mine none nothing what why when who help stop skip next back "
    "cancel thanks sure maybe morning night today tomorrow now later never anywhere nowhere everywhere somewhere else "
    "other idk dunno know good bad one im fine sorry please test start bot me my you love sad cry tears time zone "
    "timezone city town country world earth europe asia africa i_dont_know not_sure dont_know at_home over_here "
    "good_morning i_dont_want_to_say in_my_house my_house the_same same_as_yours it_depends in_bed the_world on_earth "
    "okay name normal common plain point along begun turn rest punch sides ten meds moon mars my_home "
    "some_place north_america south_america",
    "es": "si sip nop hola aqui casa hogar nada nadie que como cuando donde ayuda ayudame parar saltar atras cancelar "
    "gracias claro quizas quiza manana hoy noche luego nunca otro otra lugar nose ni idea bien mal uno mi yo tu amor "
    "triste llorar lagrimas hora ciudad pueblo pais mundo tierra luna europa america_del_norte america_del_sur no_se "
    "no_lo_se ni_idea no_se_donde cualquier_lugar no_quiero en_casa por_aqui buenas buenos_dias en_mi_casa mi_casa "
    "la_misma depende en_la_cama normal gente hago haga manos cita "
    "la_tierra el_mundo un_lugar algun_lugar",
}
